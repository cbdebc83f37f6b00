"""What a report tells of one-to-one meetings: from the request to the contract."""
