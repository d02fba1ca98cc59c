using System.Text.RegularExpressions;

namespace Hypercompress.Tests.Architecture;

/// <summary>
/// The rules of the house: each takes source files and returns what breaks it, one sentence a breach.
/// </summary>
internal static partial class HouseRules
{
    private const string Library = "src/Hypercompress";
    private const string Models = "src/Hypercompress.Models";
    private const string CommandLine = "src/Hypercompress.Cli";

    private static readonly string[] FilesWithoutType = ["Program", "AssemblyInfo", "GlobalUsings"];

    private static readonly string[] RoomsOfTheDevice =
    [
        .. new[] { "Analysis", "Sequential", "Distillation", "FineTuning", "Training", "Evaluation" }
            .Select(room => $"{Library}/{room}"),
        $"{Models}/Transformer",
    ];

    // Text that is cut on the host and moved batch by batch, files, and weights that stay packed on the host.
    private static readonly string[] MadeOnTheHost =
    [
        "SeekableBatches", "HeldOutText", "ScratchFile", "CheckpointTensor", "PackedWeight", "DecoderModel",
        "PredictionLayout",
    ];

    private static readonly string[] WantedManagers = ["ArtifactManager", "LoggingManager"];

    /// <summary>The runtime knows nothing of compression, and no library knows the program.</summary>
    public static IEnumerable<string> ProjectArrows(IReadOnlyList<SourceFile> files) => files
        .Where(file => (file.IsIn(Models) && CompressionNames().IsMatch(file.Code))
            || (!file.IsIn(CommandLine) && file.Code.Contains("Hypercompress.Cli", StringComparison.Ordinal)
                && !file.Path.EndsWith("AssemblyInfo.cs", StringComparison.Ordinal)))
        .Select(file => $"{file.Path} uses a project above its own");

    /// <summary>A branch does not use another branch, and nobody but the registry uses one.</summary>
    public static IEnumerable<string> BranchesAreAlone(IReadOnlyList<SourceFile> files)
    {
        const string Home = Library + "/Branches";
        string[] branches =
        [
            .. files.Where(file => file.IsIn(Home) && file.Name.EndsWith("Branch", StringComparison.Ordinal)
                    && file.Path.Split('/').Length == 5)
                .Select(file => file.Path.Split('/')[3]).Distinct(),
        ];
        return
            from file in files
            where file.IsIn(Library) && file.Name != "BranchRegistry"
            from branch in branches
            where !file.IsIn($"{Home}/{branch}") && Regex.IsMatch(file.Code, $@"\bBranches\.{branch}\b")
            select $"{file.Path} uses the branch {branch}";
    }

    /// <summary>One top-level type a file, and the file has its name.</summary>
    public static IEnumerable<string> OneTypePerFile(IReadOnlyList<SourceFile> files)
    {
        foreach (SourceFile file in files)
        {
            string[] types = [.. TopLevelTypes(file.Code)];
            string name = file.Name.Split('.', '{')[0];
            if (types.Distinct().Count() > 1)
            {
                yield return $"{file.Path} holds {string.Join(", ", types)}";
            }
            else if (types.Length == 0 ? !FilesWithoutType.Contains(name) : types[0] != name)
            {
                yield return $"{file.Path} is not named after its type {types.FirstOrDefault() ?? "(none)"}";
            }
        }
    }

    /// <summary>Names say what a thing is: no helpers, utilities or managers.</summary>
    public static IEnumerable<string> NamesAreTelling(IReadOnlyList<SourceFile> files) =>
        from file in files
        from type in TopLevelTypes(file.Code).Concat(file.Path.Split('/')[..^1])
        where VagueName().IsMatch(type) && !WantedManagers.Contains(type)
        select $"{file.Path}: '{type}' says nothing";

    /// <summary>Random tensors come from a generator that was handed in.</summary>
    public static IEnumerable<string> RandomTensorsNameTheirGenerator(IReadOnlyList<SourceFile> files) =>
        from file in files
        from Match match in RandomTensor().Matches(file.Code)
        where !match.Groups["arguments"].Value.Contains("generator", StringComparison.OrdinalIgnoreCase)
        select $"{file.Path}: {match.Groups["name"].Value} draws without a generator of its own";

    /// <summary>
    /// Where a model runs, new tensors are made on its device: libtorch makes them on the processor unless told
    /// otherwise.
    /// </summary>
    public static IEnumerable<string> TensorsNameTheirDevice(IReadOnlyList<SourceFile> files) =>
        from file in files
        where RoomsOfTheDevice.Any(file.IsIn) && !MadeOnTheHost.Contains(file.Name)
        from Match match in NewTensor().Matches(file.Code)
        let rest = match.Groups["rest"].Value
        where !rest.Contains("evice", StringComparison.Ordinal) && !rest.Contains(".to(", StringComparison.Ordinal)
        select $"{file.Path}: {match.Groups["name"].Value} makes a tensor without naming its device";

    /// <summary>Only surgery exchanges matrices.</summary>
    public static IEnumerable<string> OnlySurgeryExchangesMatrices(IReadOnlyList<SourceFile> files) =>
        from file in files
        where !file.IsIn($"{Library}/Surgery")
        from Match match in MatrixExchange().Matches(file.Code)
        select $"{file.Path} calls {match.Value}";

    /// <summary>
    /// Only training steps an optimizer; only training, its objectives and the gradient statistics run backward.
    /// </summary>
    public static IEnumerable<string> OnlyTrainingChangesWeights(IReadOnlyList<SourceFile> files) =>
        from file in files
        where !file.IsIn($"{Library}/Training")
        from Match match in GradientUse().Matches(file.Code)
        let makesGradients = file.IsIn($"{Library}/Analysis") || TrainingObjective().IsMatch(file.Code)
        where !(makesGradients && match.Value.Contains("backward", StringComparison.Ordinal))
        select $"{file.Path} uses {match.Value}";

    /// <summary>Every option is read by somebody, itself or through a figure that its record makes of it.</summary>
    /// <param name="files">The sources.</param>
    /// <param name="options">Name of the record.</param>
    /// <param name="properties">Names of its properties.</param>
    /// <param name="section">What the record is called where it is a part of the configuration.</param>
    public static IEnumerable<string> OptionsAreRead(
        IReadOnlyList<SourceFile> files, string options, IEnumerable<string> properties, string section)
    {
        string own = string.Concat(files.Where(file => file.Name == options).Select(file => file.Code));
        SourceFile[] readers = [.. files.Where(file => file.Name != options)];
        foreach (string property in properties)
        {
            IEnumerable<string> figures = Figure().Matches(own)
                .Where(match => Regex.IsMatch(match.Groups["body"].Value, $@"\b{property}\b"))
                .Select(match => match.Groups["name"].Value);
            string names = string.Join('|', figures.Prepend(property));
            var reading = new Regex($@"(?:[oO]ptions|\b{section}|\bo)[!?]?\.(?:{names})\b");
            if (!readers.Any(file => reading.IsMatch(file.Code)))
            {
                yield return $"nobody reads {options}.{property}";
            }
        }
    }

    /// <summary>Nothing is left for later.</summary>
    public static IEnumerable<string> NothingUnfinished(IReadOnlyList<SourceFile> files) =>
        from file in files
        from Match match in Unfinished().Matches(file.Text)
        select $"{file.Path} says {match.Value}";

    /// <summary>No path of one machine.</summary>
    public static IEnumerable<string> NoMachinePaths(IReadOnlyList<SourceFile> files) =>
        from file in files
        from Match match in MachinePath().Matches(file.Text)
        select $"{file.Path} names {match.Value}";

    /// <summary>Names of the types that a file declares outside of other types.</summary>
    public static IEnumerable<string> TopLevelTypes(string code) => TypeDeclaration()
        .Matches(Constraints().Replace(WithoutBodies(code), " "))
        .Select(match => match.Groups["name"].Value);

    private static string WithoutBodies(string code)
    {
        var outside = new System.Text.StringBuilder();
        int depth = 0;
        foreach (char letter in code)
        {
            depth -= letter == '}' ? 1 : 0;
            if (depth == 0)
            {
                outside.Append(letter);
            }

            depth += letter == '{' ? 1 : 0;
        }

        return outside.ToString();
    }

    [GeneratedRegex(@"\bHypercompress\.(?!Models\b)[A-Z]\w*")]
    private static partial Regex CompressionNames();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record)\s+(?:class\s+|struct\s+)?(?<name>\w+)"
        + @"|\bdelegate\b[^;(]*?(?<name>\w+)\s*(?:<[^>]*>)?\(")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"\bwhere\s+\w+\s*:[^{;]*")]
    private static partial Regex Constraints();

    [GeneratedRegex(@"\A\w*(?:Utils?|Utilit\w+|Helpers?|Common|Managers?|Misc)\z")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"(?<![.\w])(?:torch\.)?(?<name>zeros|ones|full|empty|arange|eye|tensor|linspace)"
        + @"\((?<rest>[^;]*);")]
    private static partial Regex NewTensor();

    [GeneratedRegex(@"(?<![\w.])(?:torch\.)?(?<name>rand|randn|randint|randperm)"
        + @"(?<arguments>\((?>[^()]|(?<open>\()|(?<-open>\)))*(?(open)(?!))\))")]
    private static partial Regex RandomTensor();

    [GeneratedRegex(@"\.(?:Exchange|WithMatrices)\(")]
    private static partial Regex MatrixExchange();

    [GeneratedRegex(@":[^{;]*\bITrainingObjective\b")]
    private static partial Regex TrainingObjective();

    [GeneratedRegex(@"\boptim\.\w+|\.backward\(|\bOptimizerHelper\b")]
    private static partial Regex GradientUse();

    [GeneratedRegex(@"\b(?<name>\w+)\s*(?:\([^()]*\)\s*)?=>(?<body>[^;]*);")]
    private static partial Regex Figure();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|\bXXX\b|\bNotImplementedException\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"(?<![\w.~:/])/(?:work|home|root|tmp|Users|mnt)/\w+|\b[A-Z]:\\\w+")]
    private static partial Regex MachinePath();
}
