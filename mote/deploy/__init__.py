"""From a trained model to firmware that was proven in an emulator."""
