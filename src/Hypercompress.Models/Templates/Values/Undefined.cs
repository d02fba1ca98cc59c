namespace Hypercompress.Models.Templates.Values;

/// <summary>The value of a name, attribute or item that is not there.</summary>
/// <param name="problem">What is missing, for the message of an error.</param>
/// <param name="strict">Whether printing, testing and iterating it are errors; otherwise it counts as empty.</param>
internal sealed class Undefined(string problem, bool strict)
{
    /// <summary>The error of using it.</summary>
    public TemplateException Failure() => new(problem);

    /// <summary>Refuses where the template is strict.</summary>
    /// <exception cref="TemplateException">The template is strict.</exception>
    public void CountAsEmpty()
    {
        if (strict)
        {
            throw Failure();
        }
    }
}
