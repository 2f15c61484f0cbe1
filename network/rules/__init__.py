"""What may be done in the network, and if not, why: a module for each part of the road."""
