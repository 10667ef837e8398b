"""The green balance of 五(四): green rows, the ledger, and parks as subjects."""
