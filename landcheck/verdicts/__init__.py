"""Verdicts and what follows from them: decide, outcomes, remedies, conflicts, interpretations, totals."""
