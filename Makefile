.PHONY: help
help:
	@echo "make demo | test | lint | bench"
