"""landcheck: parcels against the land clauses of Shanghai policy 沪府规〔2021〕9号."""

__version__ = "0.1.0"
