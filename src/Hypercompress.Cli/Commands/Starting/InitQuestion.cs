using System.CommandLine;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;
using Hypercompress.Settings;

namespace Hypercompress.Cli.Commands.Starting;

/// <summary>A question of <c>init</c>, and the option that answers it beforehand.</summary>
/// <param name="Option">The option.</param>
/// <param name="Text">The question; null where another one asks for the same.</param>
/// <param name="Default">What no answer means.</param>
/// <param name="Apply">Takes an answer; an exception says what is wrong with it.</param>
internal sealed record InitQuestion(
    Option<string[]> Option, string? Text, string Default, Action<InitAnswers, string> Apply)
{
    /// <summary>The options that set the size of the result.</summary>
    public static IReadOnlyList<string> Targets { get; } = ["--ratio", "--bytes"];

    /// <summary>All questions in their order.</summary>
    public static IReadOnlyList<InitQuestion> All { get; } =
    [
        new(
            Named("--model", "MODEL", "The model: folder, .gguf file or Hub id"),
            "Which model? A Hugging Face folder, a .gguf file or a Hub id",
            "the small model that is part of the program",
            (answers, text) => answers.Model = text),
        new(
            Named("--ratio", "R", "How many times smaller (targets.compression_ratio)"),
            "How small? A ratio such as 4, or a size such as 40MB",
            "4",
            ApplyTarget),
        new(
            Named("--bytes", "SIZE", "Largest size, such as 40MB (targets.bytes)"),
            null,
            "",
            (answers, text) => answers.Set("targets.bytes", text, "--bytes")),
        new(
            Named("--for", "self|gguf|onnx|hf|vllm", "What runs the result (targets.runtime)"),
            "What will run the result? self (this program, the smallest), gguf, onnx, hf or vllm",
            "self",
            (answers, text) => answers.Set("targets.runtime", text, "--for")),
        new(
            Several("--calibration", "Calibration texts (data.calibration)"),
            "Which texts are like what the model will read? Files, separated by commas",
            "none: the model writes its own",
            (answers, text) => answers.SetTexts("data.calibration", Files(text), "--calibration")),
        new(
            Several("--validation", "Texts that the result is measured on (data.validation)"),
            "Which texts shall the result be measured on? Files, separated by commas",
            "a tenth of the calibration texts",
            (answers, text) => answers.SetTexts("data.validation", Files(text), "--validation")),
        new(
            Named("--max-ram", "SIZE", "Memory that a run may use, such as 8GB (runtime.max_ram)"),
            "How much memory may a run use, such as 8GB?",
            $"what the machine has, {SizeText.Of(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)}",
            (answers, text) => answers.Set("runtime.max_ram", text, "--max-ram")),
        new(
            Named("--effort", "light|normal|best", "How much work (effort)"),
            "How much work? light (a third of the time), normal or best",
            "normal",
            (answers, text) => answers.SetEffort(text, "--effort")),
    ];

    private static Option<string[]> Named(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value };

    private static Option<string[]> Several(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE", AllowMultipleArgumentsPerToken = true };

    private static string[] Files(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static void ApplyTarget(InitAnswers answers, string text)
    {
        string number = text.TrimEnd('x', 'X', '×');
        bool isRatio = number.Length > 0 && number.All(letter => char.IsAsciiDigit(letter) || letter == '.');
        if (isRatio)
        {
            answers.Set("targets.compression_ratio", number, "--ratio");
        }
        else if (ByteSize.TryParse(text, out _))
        {
            answers.Set("targets.bytes", text, "--bytes");
        }
        else
        {
            throw new ConfigurationException(
                $"--ratio {text}: expected a ratio such as 4, or a size such as 40MB");
        }
    }
}
