using Hypercompress.Journal;

namespace Hypercompress.Phases;

/// <summary>A piece of work whose result is kept.</summary>
/// <typeparam name="T">The result.</typeparam>
/// <param name="Name">Name of the result in the journal: letters, digits and hyphens.</param>
/// <param name="Format">Writes and reads the result.</param>
/// <param name="Work">The work.</param>
internal sealed record WorkPart<T>(string Name, IJournalFormat<T> Format, Func<T> Work);
