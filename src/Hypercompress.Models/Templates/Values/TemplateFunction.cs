namespace Hypercompress.Models.Templates.Values;

/// <summary>A function, or a method that is bound to its value.</summary>
/// <param name="name">Its name, for messages.</param>
/// <param name="body">What it does.</param>
internal sealed class TemplateFunction(string name, Func<TemplateArguments, object?> body) : TemplateCallable
{
    /// <inheritdoc/>
    public override string TypeName => "function";

    /// <inheritdoc/>
    public override string Description => $"<function {name}>";

    /// <inheritdoc/>
    public override object? Call(TemplateArguments arguments) => body(arguments);
}
