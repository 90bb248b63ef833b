"""Country: what is known of one country, and its brief."""
