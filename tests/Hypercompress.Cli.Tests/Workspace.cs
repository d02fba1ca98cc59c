namespace Hypercompress.Cli.Tests;

/// <summary>A folder with a tiny model and its texts, in which commands are run; removed with everything they
/// made.</summary>
public sealed class Workspace : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly Lazy<string> _artifact;
    private readonly Lazy<string> _statistics;

    public Workspace()
    {
        Model = TinyCheckpoint.Write(_folder.Of("tiny"));
        Calibration = _folder.Write("calibration.txt", TinyCheckpoint.Text(1500, seed: 1));
        Validation = _folder.Write("validation.txt", TinyCheckpoint.Text(200, seed: 2));
        _artifact = new Lazy<string>(() => Made(
            Of("shared-artifact"),
            made => Compress(made, "--ratio", "4", "--no-train", "--statistics", Statistics)));
        _statistics = new Lazy<string>(() => Made(
            Of("shared-statistics.json"),
            made => Run([.. Arguments("plan", Model), "--ratio", "4", "--statistics", made])));
    }

    public string Model { get; }

    public string Calibration { get; }

    public string Validation { get; }

    /// <summary>The model at a quarter of its bytes, without training; made once.</summary>
    public string Artifact => _artifact.Value;

    /// <summary>What calibration told of the model, for <c>--statistics</c>; made once.</summary>
    public string Statistics => _statistics.Value;

    public string Of(string name) => _folder.Of(name);

    public string Write(string name, string content) => _folder.Write(name, content);

    public string Copy(string source, string name) => _folder.Copy(source, name);

    /// <summary>Runs a command.</summary>
    internal static CliResult Run(params string[] args) => Run(args, new StringWriter(), CancellationToken.None);

    /// <summary>Runs a command that may be stopped.</summary>
    internal static CliResult Run(string[] args, StringWriter messages, CancellationToken cancellation)
    {
        using var results = new StringWriter();
        int code = CommandLine.Run(args, results, messages, cancellation);
        return new CliResult(code, results.ToString(), messages.ToString());
    }

    /// <summary>Runs a command that reads what is typed.</summary>
    internal static CliResult RunTyped(string input, params string[] args)
    {
        using var results = new StringWriter();
        using var messages = new StringWriter();
        using var typed = new StringReader(input);
        int code = CommandLine.Run(args, typed, results, messages, CancellationToken.None);
        return new CliResult(code, results.ToString(), messages.ToString());
    }

    /// <summary>Runs <c>compress</c> on the tiny model with little text.</summary>
    internal CliResult Compress(string output, params string[] more) =>
        Run([.. Arguments("compress", Model), "--out", output, .. more]);

    /// <summary>The arguments of a run on little text.</summary>
    internal string[] Arguments(string verb, string model) =>
    [
        verb, model, "--calibration", Calibration, "--validation", Validation, "--threads", "1", "--seed", "3",
        "--set", "data.calibration_tokens=2048", "--set", "data.fisher_tokens=256", "--set", "data.sequence_length=64",
        "--set", "evaluation.max_tokens=256", "--set", "evaluation.window=64",
    ];

    public void Dispose() => _folder.Dispose();

    private static string Made(string path, Func<string, CliResult> make)
    {
        make(path).Expect(ExitCode.Done);
        return path;
    }
}
