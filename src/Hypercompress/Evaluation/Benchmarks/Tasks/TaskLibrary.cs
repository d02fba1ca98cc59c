using System.Collections.Immutable;
using System.Reflection;
using Hypercompress.Models.Errors;
using Hypercompress.Settings;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>Finds tasks by name: those that ship inside, and those of files that a user names.</summary>
internal sealed class TaskLibrary
{
    private const string ResourcePrefix = "Tasks/";
    private static readonly Lazy<ImmutableArray<TaskFileContent>> Shipped = new(ReadShipped);
    private readonly Dictionary<string, TaskFileContent> _byName = new(StringComparer.Ordinal);
    private readonly List<TaskDefinition> _tasks = [];
    private readonly List<TaskGroup> _groups = [];

    private TaskLibrary(IEnumerable<TaskFileContent> files)
    {
        foreach (TaskFileContent file in files)
        {
            foreach (TaskDefinition task in file.Tasks)
            {
                _byName[task.Task] = new TaskFileContent([task], null);
            }
        }

        // A group and the subsets of a task may have one name; the group is the one with scores.
        foreach (TaskFileContent file in files.OrderBy(file => file.Group is not null))
        {
            _byName[file.Name] = file;
        }
    }

    /// <summary>Names of the tasks and groups that ship inside.</summary>
    public static ImmutableArray<string> Names =>
        [.. new TaskLibrary(Shipped.Value)._byName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Selects tasks.</summary>
    /// <param name="names">Names of tasks and groups, and paths of YAML files or of folders of such files.</param>
    /// <returns>The tasks.</returns>
    /// <exception cref="ConfigurationException">A name is not known, or a file is wrong.</exception>
    public static TaskSelection Select(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var wanted = new List<string>();
        var files = new List<TaskFileContent>();
        foreach (string name in names)
        {
            TaskFileContent[] own = [.. FilesOf(name).Select(TaskFile.Read)];
            files.AddRange(own);
            wanted.AddRange(IsPath(name) ? own.Select(file => file.Name) : [name]);
        }

        var library = new TaskLibrary([.. Shipped.Value, .. files]);
        foreach (string name in wanted)
        {
            library.Add(name, []);
        }

        return new TaskSelection([.. library._tasks], [.. library._groups]);
    }

    /// <summary>Finds out whether tasks can be selected.</summary>
    /// <param name="names">As for <see cref="Select"/>.</param>
    /// <returns>Why not; null where they can.</returns>
    public static string? FaultOf(IEnumerable<string> names)
    {
        try
        {
            Select(names);
            return null;
        }
        catch (ConfigurationException fault)
        {
            return fault.Message;
        }
    }

    private static bool IsPath(string name) =>
        name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
        || name.Contains('/', StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal);

    private static string[] FilesOf(string name)
    {
        if (!IsPath(name))
        {
            return [];
        }

        string[] files = Directory.Exists(name)
            ? [.. Directory.GetFiles(name).Where(IsPath).Where(file => Path.GetExtension(file) is ".yaml" or ".yml")
                .Order(StringComparer.Ordinal)]
            : [name];
        return files.Length > 0 ? files : throw new ConfigurationException(
            $"{name}: the folder holds no task file (*.yaml)");
    }

    private void Add(string name, ImmutableArray<string> inside)
    {
        if (inside.Contains(name))
        {
            throw new ConfigurationException(
                $"the group '{name}' contains itself: {string.Join(" > ", inside)} > {name}");
        }

        TaskFileContent found = _byName.GetValueOrDefault(name) ?? throw Unknown(name);
        foreach (TaskDefinition task in found.Tasks.Where(task => _tasks.TrueForAll(known => known.Task != task.Task)))
        {
            _tasks.Add(task);
        }

        foreach (string part in found.Group?.Tasks ?? [])
        {
            Add(part, inside.Add(name));
        }

        if (found.Group is { } group && _groups.TrueForAll(known => known.Group != name))
        {
            _groups.Add(group);
        }
    }

    private ConfigurationException Unknown(string name)
    {
        string? near = KeySuggestions.Nearest(name, _byName.Keys);
        IEnumerable<string> known =
            _byName.Where(pair => pair.Key == pair.Value.Name).Select(pair => pair.Key).Order(StringComparer.Ordinal);
        return new ConfigurationException(
            $"there is no task '{name}'{(near is null ? "." : $"; did you mean '{near}'?")} Known are "
            + $"{string.Join(", ", known)}, mmlu_<subject>, and the path of a task file");
    }

    private static ImmutableArray<TaskFileContent> ReadShipped()
    {
        Assembly assembly = typeof(TaskLibrary).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => ReadShipped(assembly, name)),
        ];
    }

    private static TaskFileContent ReadShipped(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return TaskFile.Parse(reader.ReadToEnd(), name);
    }
}
