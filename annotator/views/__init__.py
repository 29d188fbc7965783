"""The windows: the only room with Qt. What belongs to one kind of item has a folder of its own."""
