"""The call document (the avviso as data): its shapes, its reading, its canonical form. PURE: standard library only."""
