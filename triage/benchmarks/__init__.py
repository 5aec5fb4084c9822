"""Measurements that anybody can repeat: what the product does beside what the machine could do."""
