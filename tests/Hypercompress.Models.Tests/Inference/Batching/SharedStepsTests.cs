using System.Collections.Concurrent;
using Hypercompress.Models.Inference.Batching;
using Hypercompress.Models.Inference.Layers;
using Hypercompress.Models.Inference.Numerics;

namespace Hypercompress.Models.Tests.Inference.Batching;

public sealed class SharedStepsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<string[]> _steps = [];
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _go = new(0);
    private Action<string[]> _work = _ => { };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_StepsThatComeMeanwhile_AreComputedTogether()
    {
        SharedSteps shared = Held();
        Task first = Start(shared, "a");
        await _begun.WaitAsync(Token);
        Task[] others = [Start(shared, "b"), Start(shared, "c")];
        await Until(() => shared.Waiting == 2);

        _go.Release(2);

        await Task.WhenAll([first, .. others]).WaitAsync(Deadline, Token);
        Assert.Equal(["a"], _steps.First());
        Assert.Equal(["b", "c"], _steps.Skip(1).Single().Order());
    }

    [Fact]
    public async Task Run_WhoWasInTheLastStep_IsWaitedForUntilItLeaves()
    {
        var shared = new SharedSteps(Compute, TimeProvider.System, Timeout.InfiniteTimeSpan);
        await Start(shared, "a").WaitAsync(Deadline, Token);
        Task second = Start(shared, "b");
        await Until(() => shared.Waiting == 1);
        await Start(shared, "a").WaitAsync(Deadline, Token);
        await second.WaitAsync(Deadline, Token);
        Task third = Start(shared, "a");
        await Until(() => shared.Waiting == 1);
        Assert.False(third.IsCompleted);

        shared.Leave("b");

        await third.WaitAsync(Deadline, Token);
        Assert.Equal([["a"], ["b", "a"], ["a"]], _steps);
    }

    [Fact]
    public async Task Run_WhoDoesNotComeBack_IsNotWaitedForLong()
    {
        var shared = new SharedSteps(Compute, TimeProvider.System);
        await Start(shared, "gone").WaitAsync(Deadline, Token);
        await Start(shared, "a").WaitAsync(Deadline, Token);
        Assert.Equal([["gone"], ["a"]], _steps);
    }

    [Fact]
    public async Task Run_MoreTokensThanAStepTakes_AreComputedInSeveral()
    {
        SharedSteps shared = Held();
        Task first = Start(shared, "first");
        await _begun.WaitAsync(Token);
        Task[] others = [.. Enumerable.Range(0, 10).Select(i => Start(shared, $"{i}", SharedSteps.MostTokens / 8))];
        await Until(() => shared.Waiting == 10);

        _go.Release(3);

        await Task.WhenAll([first, .. others]).WaitAsync(Deadline, Token);
        Assert.Equal([1, 8, 2], _steps.Select(step => step.Length));
    }

    [Fact]
    public async Task Run_ComputationThatFails_FailsItsStepsAndNoLaterOnes()
    {
        var shared = new SharedSteps(Compute, TimeProvider.System);
        _work = _ => throw new InvalidOperationException("broken");
        InvalidOperationException problem =
            await Assert.ThrowsAsync<InvalidOperationException>(() => Start(shared, "a").WaitAsync(Deadline, Token));
        Assert.Equal("broken", problem.Message);
        _work = _ => { };
        await Start(shared, "a").WaitAsync(Deadline, Token);
    }

    [Theory]
    [InlineData(SharedSteps.MostPromptWork, new[] { "first layer", "step", "second layer" })]
    [InlineData(1, new[] { "first layer", "second layer", "step" })]
    public async Task RunPrompt_BesideSteps_DoesItsShareBetweenTwo(int tokens, string[] wanted)
    {
        var shared = new SharedSteps(Compute, TimeProvider.System);
        var order = new ConcurrentQueue<string>();
        _work = _ => order.Enqueue("step");
        using var begun = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        Task prompt = Task.Run(
            () => shared.RunPrompt("p", tokens, turn =>
            {
                turn(() =>
                {
                    begun.Set();
                    go.Wait(Token);
                    order.Enqueue("first layer");
                });
                turn(() => order.Enqueue("second layer"));
            }, Token),
            Token);
        begun.Wait(Token);
        Task step = Start(shared, "a");
        await Until(() => shared.Waiting == 1);

        go.Set();

        await Task.WhenAll(prompt, step).WaitAsync(Deadline, Token);
        Assert.Equal(wanted, order);
    }

    [Fact]
    public async Task RunPrompt_CancelledWhileItWaits_EndsAndLeavesTheEngineFree()
    {
        SharedSteps shared = Held();
        Task step = Start(shared, "a");
        await _begun.WaitAsync(Token);
        using var stop = new CancellationTokenSource();
        Task prompt = Task.Run(
            () => shared.RunPrompt("p", 1, turn => turn(() => throw new InvalidOperationException("ran")), stop.Token),
            Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => prompt.WaitAsync(Deadline, Token));
        _go.Release();
        await step.WaitAsync(Deadline, Token);
        bool ran = false;
        shared.RunPrompt("p", 1, turn => turn(() => ran = true), Token);
        Assert.True(ran);
    }

    private static Task Start(SharedSteps shared, string name, int tokens = 1) => Task.Factory.StartNew(
        () =>
        {
            var part = new PassPart(null!, [.. Enumerable.Repeat(0, tokens)], 0, tokens);
            shared.Run(new SequenceStep(name, part, new PassBuffer(1), 1));
            part.ThrowIfFailed();
        },
        Token,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private static async Task Until(Func<bool> isSo)
    {
        while (!isSo())
        {
            await Task.Delay(5, Token);
        }
    }

    private SharedSteps Held()
    {
        _work = _ =>
        {
            _begun.Release();
            _go.Wait(Token);
        };
        return new SharedSteps(Compute, TimeProvider.System);
    }

    private void Compute(IReadOnlyList<SequenceStep> steps)
    {
        string[] names = [.. steps.Select(step => (string)step.Owner)];
        _steps.Enqueue(names);
        _work(names);
    }
}
