"""Pure rules of the customer record: policy, names, numbers, rule trees."""
