"""What things cost, as ratios against a yardstick measured in the same run; nothing here fails on timing."""
