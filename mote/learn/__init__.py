"""Training, quantising and evaluating. TensorFlow is imported inside functions only."""
