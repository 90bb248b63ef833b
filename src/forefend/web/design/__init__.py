"""Components, template tags and the frame that all pages share."""
