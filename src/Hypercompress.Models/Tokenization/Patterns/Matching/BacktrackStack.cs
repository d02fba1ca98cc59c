namespace Hypercompress.Models.Tokenization.Patterns.Matching;

/// <summary>The alternatives that a match has not tried yet, with a limit to their memory.</summary>
/// <param name="textLength">UTF-16 code units of the text; a longer one may have more alternatives.</param>
internal sealed class BacktrackStack(int textLength)
{
    private const int LeastLimit = 65_536;
    private const int MostEntriesPerUnit = 16;

    private readonly long _mostEntries = LeastLimit + ((long)MostEntriesPerUnit * textLength);
    private BacktrackEntry[] _entries = new BacktrackEntry[32];

    /// <summary>Number of entries; a smaller number drops the newest ones.</summary>
    public int Count { get; set; }

    /// <summary>Adds an entry.</summary>
    /// <exception cref="WorkBudgetException">There are too many.</exception>
    public void Push(BacktrackEntry entry)
    {
        if (Count == _entries.Length)
        {
            if (Count >= _mostEntries)
            {
                throw new WorkBudgetException();
            }

            Array.Resize(ref _entries, Count * 2);
        }

        _entries[Count++] = entry;
    }

    /// <summary>Takes the newest entry.</summary>
    public BacktrackEntry Pop() => _entries[--Count];

    /// <summary>
    /// Drops the alternatives of a part that has been matched on its own, but not the earlier values of slots.
    /// </summary>
    /// <param name="floor">Number of entries before that part.</param>
    public void DropAlternatives(int floor)
    {
        int kept = floor;
        for (int i = floor; i < Count; i++)
        {
            if (_entries[i].Kind == BacktrackKind.Restore)
            {
                _entries[kept++] = _entries[i];
            }
        }

        Count = kept;
    }
}
