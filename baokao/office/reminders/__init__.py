"""缴费提醒: a coordinator reminds own candidates to pay what they entered, each at most once a day."""
