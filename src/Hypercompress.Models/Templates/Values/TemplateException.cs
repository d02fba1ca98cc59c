namespace Hypercompress.Models.Templates.Values;

/// <summary>
/// A template that cannot be parsed or rendered; the public template classes turn it into their own exception.
/// </summary>
internal sealed class TemplateException(string message, int line = 0, bool raised = false) : Exception(message)
{
    /// <summary>1-based line of the template; 0 where it is not known yet.</summary>
    public int Line { get; } = line;

    /// <summary>Whether the template itself refused, by <c>raise_exception</c>.</summary>
    public bool Raised { get; } = raised;
}
