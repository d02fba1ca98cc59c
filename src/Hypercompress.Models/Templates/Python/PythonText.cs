using System.Text;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Writes values as Python does.</summary>
internal static class PythonText
{
    /// <summary>Python's <c>str(value)</c>: what an expression writes out.</summary>
    /// <exception cref="TemplateException">The value is not there and the template is strict.</exception>
    public static string Of(object? value, TemplateRun run)
    {
        if (value is Undefined missing)
        {
            missing.CountAsEmpty();
            return "";
        }

        return PythonTypes.TextOf(value) ?? Repr(value, run);
    }

    /// <summary>Python's <c>repr(value)</c>: texts in quotes.</summary>
    public static string Repr(object? value, TemplateRun run)
    {
        var output = new StringBuilder();
        new ReprWriter(run, output).Write(value);
        return output.ToString();
    }

    /// <summary>Python's <c>ascii(value)</c>: as <c>repr</c>, with other characters escaped.</summary>
    public static string Ascii(object? value, TemplateRun run)
    {
        var output = new StringBuilder();
        foreach (int code in CodePoints.Values(Repr(value, run)))
        {
            output.Append(code < 128 ? ((char)code).ToString() : TextEscapes.Of(code));
        }

        return run.Made(output.ToString());
    }
}
