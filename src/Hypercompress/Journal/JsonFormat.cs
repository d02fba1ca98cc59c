namespace Hypercompress.Journal;

/// <summary>A result of numbers and texts only.</summary>
/// <typeparam name="T">The result; a record that JSON can hold.</typeparam>
internal sealed class JsonFormat<T> : IJournalFormat<T>
{
    private const string Key = "result";

    /// <inheritdoc/>
    public void Write(T value, EntryDraft draft) => draft.Document[Key] = JournalJson.ToNode(value);

    /// <inheritdoc/>
    public T Read(JournalEntry entry) => entry.Get<T>(Key);
}
