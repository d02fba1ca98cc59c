using System.Diagnostics;
using System.Globalization;
using Hypercompress.Models.Errors;

namespace Hypercompress.Fuzz;

/// <summary>Gives mutated files to one reader and watches its time, memory and exceptions.</summary>
/// <param name="reader">The reader.</param>
/// <param name="failures">Folder for inputs that broke a rule.</param>
/// <param name="note">Told of each of them.</param>
/// <param name="isAlone">
/// Whether nothing else runs in the process: then all allocations count, and 5 seconds are the limit; else those of the
/// reader's own thread, and a minute.
/// </param>
internal sealed class FuzzRun(
    FuzzReader reader, string failures, Action<string> note, bool isAlone = true) : IDisposable
{
    private const long FreeBytes = 64 << 20;
    private const int StackBytes = 1 << 20;
    private const int MaxNotes = 20;
    private const int LongestMessage = 500;
    private const string SeedName = "seed-";

    private readonly TimeSpan _timeLimit = TimeSpan.FromSeconds(isAlone ? 5 : 60);
    private readonly string _folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
    private readonly FuzzOutcome _outcome = new();
    private int _hangs;
    private long _allocated;

    /// <summary>Runs.</summary>
    /// <param name="inputs">How many inputs at most.</param>
    /// <param name="seed">Decides the mutations.</param>
    /// <param name="time">Time for all of them.</param>
    /// <returns>The counts.</returns>
    public FuzzOutcome Run(int inputs, int seed, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        WriteCompanions();
        TrySeeds();
        for (int number = 0; number < inputs && clock.Elapsed < time; number++)
        {
            var mutator = new Mutator(new Random(HashCode(seed, number)), reader.Words);
            byte[] original = reader.Seeds[number % reader.Seeds.Count];
            byte[] mutated = mutator.Mutate(reader.Open?.Invoke(original) ?? original, reader.Seeds);
            Try(reader.Seal?.Invoke(mutated)
                ?? mutated, string.Create(CultureInfo.InvariantCulture, $"{seed}-{number}"));
        }

        _outcome.Seconds = clock.Elapsed.TotalSeconds;
        return _outcome;
    }

    /// <summary>Reads one file that was kept.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The counts.</returns>
    public FuzzOutcome Replay(string file)
    {
        WriteCompanions();
        Try(File.ReadAllBytes(file), Path.GetFileName(file));
        return _outcome;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A reader that hangs may have a file open.
        }
    }

    private void TrySeeds()
    {
        for (int number = 0; number < reader.Seeds.Count; number++)
        {
            byte[] seed = reader.Seeds[number];
            seed = reader.Open?.Invoke(seed) ?? seed;
            Try(reader.Seal?.Invoke(seed) ?? seed, string.Create(CultureInfo.InvariantCulture, $"{SeedName}{number}"));
        }
    }

    private void WriteCompanions()
    {
        foreach ((string name, byte[] content) in reader.Companions)
        {
            File.WriteAllBytes(Path.Combine(_folder, name), content);
        }
    }

    private void Try(byte[] input, string name)
    {
        string path = Path.Combine(_folder, reader.FileName);
        File.WriteAllBytes(path, input);
        long before = GC.GetTotalAllocatedBytes();
        Exception? exception = null;
        var thread = new Thread(() => exception = Attempt(path), StackBytes) { IsBackground = true };
        thread.Start();
        if (!thread.Join(_timeLimit))
        {
            _outcome.OverTime++;
            Keep(input, name, "over time", null);
            _hangs++;
            return;
        }

        long allocated = isAlone ? GC.GetTotalAllocatedBytes() - before : _allocated;
        Count(exception, input, name);
        if (_hangs == 0 && allocated > (2 * input.LongLength) + FreeBytes)
        {
            _outcome.OverMemory++;
            Keep(input, name, string.Create(CultureInfo.InvariantCulture, $"over memory ({allocated >> 20} MB)"),
                exception);
        }
    }

    private Exception? Attempt(string path)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            reader.Read(path);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
        finally
        {
            _allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private void Count(Exception? exception, byte[] input, string name)
    {
        switch (exception)
        {
            case null:
                _outcome.Accepted++;
                break;
            case HypercompressException or OperationCanceledException:
                _outcome.Refused++;
                if (name.StartsWith(SeedName, StringComparison.Ordinal) && reader.AcceptsSeeds)
                {
                    note($"{reader.Name}: {name} is refused: {exception.Message}");
                }

                break;
            default:
                _outcome.Untyped++;
                Keep(input, name, "untyped", exception);
                break;
        }
    }

    private void Keep(byte[] input, string name, string kind, Exception? exception)
    {
        Directory.CreateDirectory(failures);
        string file = Path.Combine(failures, $"{reader.Name}-{name}{Path.GetExtension(reader.FileName)}");
        File.WriteAllBytes(file, input);
        if (_outcome.Failures <= MaxNotes)
        {
            string frame = exception?.StackTrace?.Split('\n').FirstOrDefault(
                line => line.Contains("Hypercompress", StringComparison.Ordinal))?.Trim() ?? string.Empty;
            string message = exception?.Message.ReplaceLineEndings(" ") ?? string.Empty;
            message = message[..Math.Min(message.Length, LongestMessage)];
            note($"{file}: {kind} {exception?.GetType().Name} {message} {frame}");
        }
    }

    // The library's own hash codes differ from process to process.
    private static int HashCode(int seed, int number) => unchecked((seed * 1_000_003) ^ (number * 16_777_619));
}
