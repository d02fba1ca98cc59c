using Hypercompress.Models.Errors;
using Hypercompress.Settings;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>
/// Reads a file that defines a task or a group, strictly: what it does not know is an error with its line.
/// </summary>
internal static class TaskFile
{
    private const long SizeLimit = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">A YAML file of at most 1 MiB.</param>
    /// <exception cref="ConfigurationException">It cannot be read, or something in it is wrong.</exception>
    public static TaskFileContent Read(string path)
    {
        try
        {
            long size = new FileInfo(path).Length;
            return size > SizeLimit
                ? throw new ConfigurationException($"{path}: has {size} bytes; a task file has at most {SizeLimit}")
                : Parse(File.ReadAllText(path), path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: {ReadFault.Describe(path, problem)}", problem);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="yaml">The YAML.</param>
    /// <param name="file">What to call it in messages.</param>
    /// <exception cref="ConfigurationException">Something in it is wrong.</exception>
    public static TaskFileContent Parse(string yaml, string file)
    {
        SettingMapping settings = YamlSettings.ReadFile(yaml, file);
        if (settings.Members.IsEmpty)
        {
            throw new ConfigurationException(
                $"{file}: is empty; a task file has at least the keys task, prompt, target and metrics");
        }

        return settings.Find("group") is not null
            ? new TaskFileContent([], Bind<TaskGroup>(settings))
            : new TaskFileContent(Bind<TaskDefinition>(settings).Expand(), null);
    }

    private static T Bind<T>(SettingMapping settings)
    {
        var faults = new FaultList();
        var bound = (T)new RecordBinder(faults, []).Bind(typeof(T), settings, string.Empty);
        faults.ThrowIfAny();
        return bound;
    }
}
