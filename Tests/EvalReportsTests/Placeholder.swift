// Replaced by the branch of the reports.
