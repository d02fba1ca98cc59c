namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>Cuts normalised text into pieces of the vocabulary.</summary>
internal interface IPieceCutter
{
    /// <summary>Appends the ids; what is not a piece becomes bytes or one unknown piece a run.</summary>
    /// <param name="normalized">The text.</param>
    /// <param name="ids">Receives the ids.</param>
    /// <param name="budget">The work that may be spent.</param>
    /// <exception cref="WorkBudgetException">The budget is spent.</exception>
    void Cut(string normalized, List<int> ids, WorkBudget budget);
}
