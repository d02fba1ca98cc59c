using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>A filter.</summary>
/// <param name="Body">What it makes of the value before the bar and the arguments.</param>
/// <param name="Parameters">Names of its parameters after the value; null where it takes any.</param>
internal sealed record TemplateFilter(Func<object?, TemplateArguments, object?> Body, params string[]? Parameters)
{
    /// <summary>Applies it.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="value">The value before the bar.</param>
    /// <param name="call">The arguments.</param>
    /// <exception cref="TemplateException">The value or an argument does not fit.</exception>
    public object? Apply(string name, object? value, TemplateArguments call)
    {
        if (Parameters is not null)
        {
            call.Check(name, Parameters);
        }

        call.Run.Step();
        return Body(value, call);
    }
}
