namespace Hypercompress.Journal;

/// <summary>
/// Writes the result of a piece of work, and reads it back to the bit. A run goes on with what was read back, so that
/// one that was interrupted and one that was not take the same way.
/// </summary>
/// <typeparam name="T">The result.</typeparam>
internal interface IJournalFormat<T>
{
    /// <summary>Writes a result.</summary>
    /// <param name="value">The result; stays the caller's.</param>
    /// <param name="draft">Receives it.</param>
    void Write(T value, EntryDraft draft);

    /// <summary>Reads a result.</summary>
    /// <param name="entry">What was written.</param>
    /// <returns>The result; the caller's.</returns>
    /// <exception cref="Models.Errors.CheckpointException">The entry does not have what is needed.</exception>
    T Read(JournalEntry entry);

    /// <summary>Releases a result that was written and is replaced by the one read back.</summary>
    /// <param name="value">The result.</param>
    void Discard(T value)
    {
    }
}
