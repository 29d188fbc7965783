"""The nouns: labels, shapes, annotations, items, documents and the edits that change them."""
