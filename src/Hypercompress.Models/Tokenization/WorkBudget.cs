namespace Hypercompress.Models.Tokenization;

/// <summary>
/// The work that the components of a tokenizer may put into one text. It is in proportion to the text, so that no file
/// can make a short text take for ever.
/// </summary>
/// <param name="length">The length of the text, in UTF-16 units.</param>
internal sealed class WorkBudget(long length)
{
    // Published patterns take fewer than 30 steps a unit; what Oniguruma gives up on takes 10,000,000 for one match.
    private const long Free = 10_000_000;
    private const long PerUnit = 1000;

    private long _left = Free + (PerUnit * length);

    /// <summary>Takes from the budget.</summary>
    /// <param name="steps">Steps of a pattern, or units of text that are written.</param>
    /// <exception cref="WorkBudgetException">The budget is spent.</exception>
    public void Spend(long steps)
    {
        _left -= steps;
        if (_left < 0)
        {
            throw new WorkBudgetException();
        }
    }
}
