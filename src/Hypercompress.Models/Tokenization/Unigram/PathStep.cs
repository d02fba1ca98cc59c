namespace Hypercompress.Models.Tokenization.Unigram;

/// <summary>A token on the best way through a text.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct PathStep(int Start, int End, int Id);
