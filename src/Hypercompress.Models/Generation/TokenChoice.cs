namespace Hypercompress.Models.Generation;

/// <summary>A token that could have come next.</summary>
/// <param name="Id">Its id.</param>
/// <param name="LogProbability">
/// Natural logarithm of its probability by the model, before temperature, top-k and top-p.
/// </param>
public readonly record struct TokenChoice(int Id, double LogProbability);
