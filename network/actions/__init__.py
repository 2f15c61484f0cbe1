"""What the office, the bodies and the citizens do in the network, one function per verb."""

from network.actions.agreements import draft_agreement, sign_agreement
from network.actions.projects import final_version
from network.actions.spaces import close_space, describe_space, open_space, plan_space

__all__ = [
    "close_space",
    "describe_space",
    "draft_agreement",
    "final_version",
    "open_space",
    "plan_space",
    "sign_agreement",
]
