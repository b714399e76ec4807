"""集体缴费: a coordinator picks, locks, pays and releases unpaid entries of the own school (rule D8)."""
