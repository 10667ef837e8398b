"""What land surveyors hand over: coordinate reports and lists, tables of boundary points, VCT."""
