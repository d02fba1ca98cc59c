using System.Runtime.InteropServices;

namespace Hypercompress.Cli.Tests;

/// <summary>Limits of the system are not defects of the program.</summary>
public sealed class ExplainTests
{
    [Fact]
    public void LibraryThatCannotBeLoaded_IsAMatterOfResources() =>
        AssertResources(new TypeInitializationException("torch", new DllNotFoundException("cannot map the file")));

    [Fact]
    public void LibtorchThatIsNotFound_IsAMatterOfResources() => AssertResources(new TypeInitializationException(
        "torch", new NotSupportedException("Failed to load native component libLibTorchSharp.so")));

    [Fact]
    public void TooManyOpenFiles_AreAMatterOfResources() =>
        AssertResources(
            new AggregateException(new TypeInitializationException("x", new IOException("Too many open files"))));

    [Fact]
    public void NativeAllocationThatFails_IsAMatterOfResources() =>
        AssertResources(new NativeFailure());

    [Fact]
    public void AnythingElse_IsADefect() =>
        Assert.Equal((int)ExitCode.Defect, Failure.Explain(new InvalidOperationException("a mistake")).ExitCode);

    private static void AssertResources(Exception exception) =>
        Assert.Equal((int)ExitCode.Resources, Failure.Explain(exception).ExitCode);

    private sealed class NativeFailure() : ExternalException("std::bad_alloc");
}
