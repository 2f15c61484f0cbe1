"""Three proposals for the call of every type: what they state, what the members find, and the points that they come to."""

CODES = ("q1", "q2", "q3", "r1", "r2", "r3", "r4", "r5", "r6", "r7")

ALFA = {
    "certificati": "3",
    "anni": "5",
    "sede": True,
    "quota": 1_000_000,
    "costo": 4_000,
    "persone": "100",
    "incompiuto": False,
}
BETA = {
    "certificati": "7",
    "anni": "2.5",
    "sede": False,
    "quota": 3_070_000,
    "costo": 5_000,
    "persone": "60",
    "incompiuto": True,
}
GAMMA = {"certificati": "0", "anni": "0.5", "sede": False, "quota": 0, "costo": 8_000, "persone": "20", "incompiuto": False}

FACTS = {
    "Coop Alfa": {"r1": "3", "r2": "5", "r3": "1", "r4": "10000", "r5": "40", "r6": "100", "r7": "0"},
    "Coop Beta": {"r1": "7", "r2": "2.5", "r3": "0", "r4": "30700", "r5": "50", "r6": "60", "r7": "1"},
    "Coop Gamma": {"r1": "0", "r2": "0.5", "r3": "0", "r4": "0", "r5": "80", "r6": "20", "r7": "0"},
}
JUDGMENTS = {
    "Coop Alfa": (("1", "10", "8.5"), ("0.8", "8", "9"), ("0.8", "8", "10")),
    "Coop Beta": (("0.8", "5", "5"), ("0.8", "5", "5.5"), ("0.8", "8", "6")),
    "Coop Gamma": (("0.2", "2", "0"),) * 3,
}

POINTS = {
    # Two thirds and halves are rounded at two decimals by the call, criterion by criterion.
    "Coop Alfa": ["17.33", "8.67", "9.17", "6.00", "6.00", "5.00", "11.41", "5.00", "10.00", "0.00"],
    "Coop Beta": ["16.00", "6.00", "5.50", "10.00", "2.00", "0.00", "20.00", "4.00", "8.00", "-10.00"],
    "Coop Gamma": ["4.00", "2.00", "0.00", "0.00", "0.00", "0.00", "0.00", "2.50", "2.67", "0.00"],
}


def judged(name, place):
    """Everything that the member at ``place`` finds in a proposal."""
    return dict(zip(("q1", "q2", "q3"), JUDGMENTS[name][place], strict=True)) | FACTS[name]
