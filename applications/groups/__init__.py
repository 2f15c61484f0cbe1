"""Several bodies in one application: who takes part with which share, what each certifies for itself, what may be done and
what follows; and the signs that two applications may come from one centre of decision.

The rows are in ``applications.models.participants``, the verbs in ``applications.actions.joining``.
"""
