"""Drawings of what was evaluated: each module answers positions, ``telling`` the words, ``reading`` what they are of."""
