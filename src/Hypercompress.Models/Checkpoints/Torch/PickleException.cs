namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>
/// A pickle that is malformed or asks for more than tensors and containers; never leaves the checkpoint reader.
/// </summary>
/// <param name="message">What was found.</param>
/// <param name="inner">The cause, when there is one.</param>
internal sealed class PickleException(string message, Exception? inner = null) : Exception(message, inner);
