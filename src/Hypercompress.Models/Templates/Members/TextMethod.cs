using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Members;

/// <summary>A method of texts.</summary>
/// <param name="Body">What it does with the text and the arguments.</param>
/// <param name="Parameters">Names of its parameters; null where it takes any.</param>
internal sealed record TextMethod(Func<string, TemplateArguments, object?> Body, params string[]? Parameters)
{
    /// <summary>Binds it to a text.</summary>
    public TemplateFunction Bind(string name, string text) => new(name, call =>
    {
        if (Parameters is not null)
        {
            call.Check(name, Parameters);
        }

        // A method may read the whole text.
        call.Run.Step(1 + (text.Length / 64));
        return Body(text, call);
    });
}
