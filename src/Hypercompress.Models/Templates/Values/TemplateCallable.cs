namespace Hypercompress.Models.Templates.Values;

/// <summary>A value that can be called.</summary>
internal abstract class TemplateCallable : TemplateObject
{
    /// <summary>Calls it.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="TemplateException">The arguments do not fit, or the call fails.</exception>
    public abstract object? Call(TemplateArguments arguments);
}
