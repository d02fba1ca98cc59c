namespace Hypercompress.Planning.Choices;

/// <summary>A choice as the knapsack sees it.</summary>
/// <param name="Bytes">Stored bytes.</param>
/// <param name="Error">Predicted J, nats per token.</param>
internal readonly record struct CostPoint(long Bytes, double Error);
