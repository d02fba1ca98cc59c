namespace Hypercompress.Models.Tokenization;

/// <summary>A text takes more work than its length allows; what did the work adds the name of the file.</summary>
internal sealed class WorkBudgetException : Exception
{
    /// <summary>Creates it.</summary>
    public WorkBudgetException()
        : base("takes more work than the length of the text allows")
    {
    }
}
