using Hypercompress.Branches.Registry;
using Hypercompress.Cli.Output;
using Hypercompress.Configuration;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Commands.Starting;

/// <summary>What is known so far: the model, and a configuration with the answers in it.</summary>
/// <param name="recipe">Gets the answers.</param>
internal sealed class InitAnswers(CommentedRecipe recipe)
{
    /// <summary>The model as it was named; null for the one that is part of the program.</summary>
    public string? Model { get; set; }

    /// <summary>Sets a key.</summary>
    /// <param name="path">Dotted path.</param>
    /// <param name="value">A YAML scalar or list.</param>
    /// <param name="name">The option or question, for messages.</param>
    /// <exception cref="ConfigurationException">The key does not take the value.</exception>
    public void Set(string path, string value, string name)
    {
        Check(path, value, name);
        recipe.Set(path, value);
    }

    /// <summary>Sets the keys that an effort stands for: the file has all of them, and keys that it has win.</summary>
    /// <param name="effort">The effort.</param>
    /// <param name="name">The option or question, for messages.</param>
    /// <exception cref="ConfigurationException">There is no such effort.</exception>
    public void SetEffort(string effort, string name)
    {
        Check("effort", effort, name);
        foreach ((string path, string value) in PipelineConfigReader.KeysOfEffort(effort))
        {
            recipe.Set(path, value);
        }
    }

    /// <summary>Sets a list of texts.</summary>
    /// <param name="path">Dotted path.</param>
    /// <param name="files">Paths of the texts.</param>
    /// <param name="name">The option or question, for messages.</param>
    /// <exception cref="ConfigurationException">There is no such file.</exception>
    public void SetTexts(string path, string[] files, string name)
    {
        foreach (string file in files.Where(file => !Exists(file)))
        {
            throw new ConfigurationException($"{name} {file}: there is no such file");
        }

        recipe.Set(path, CommentedRecipe.ListOf(files));
    }

    /// <summary>The command that uses the file.</summary>
    /// <param name="file">Path of the file.</param>
    public string Command(string file) => string.Join(
        ' ',
        new[] { ProgramName.Command, "compress", Model is null ? null : ResultText.Quoted(Model), "--config" }
            .OfType<string>().Append(ResultText.Quoted(file)));

    private static void Check(string path, string value, string name) =>
        new PipelineConfigReader(new BranchRegistry().Registrations).Parse(
            string.Empty, name, ConfigOverrides.None.With(path, value, $"{name} {value}"));

    // A column may follow the name of a table.
    private static bool Exists(string file) =>
        File.Exists(file) || (file.LastIndexOf(':') is > 0 and var colon && File.Exists(file[..colon]));
}
