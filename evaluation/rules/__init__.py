"""What may be done in the evaluation, and if not, why: ``None`` or a sentence that a person can act on. One module for each
part of the road; import from the module."""
