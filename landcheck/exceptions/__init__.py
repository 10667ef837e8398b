"""What excuses a finding and leaves its verdict: the register of waivers, and the baseline."""
