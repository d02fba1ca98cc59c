namespace Hypercompress.Analysis;

/// <summary>A batch of windows, with its place among those of all processes.</summary>
/// <param name="Number">Number of the batch, from 0.</param>
/// <param name="FirstWindow">Number of its first window, from 0.</param>
/// <param name="Windows">Token windows of one length.</param>
internal sealed record NumberedBatch(int Number, long FirstWindow, int[][] Windows);
