"""Reports for continuous integration: GitHub, GitLab, JUnit, SARIF."""
