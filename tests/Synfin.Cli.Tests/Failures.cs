using Synfin.Cli.CommandLine;
using Xunit;

namespace Synfin.Cli.Tests;

/// <summary>Whatever goes wrong, the user gets one line and the caller an exit code.</summary>
public sealed class Failures
{
    [Fact]
    public async Task What_the_system_refuses_is_said_in_its_words() =>
        Assert.Equal((1, "synfin: no such device\n"), await Run(() => throw new IOException("no such device.\r\nmore")));

    [Fact]
    public async Task A_fault_of_ours_names_its_exception() =>
        Assert.Equal((1, "synfin: InvalidOperationException: a bug\n"), await Run(() => throw new InvalidOperationException("a bug")));

    [Fact]
    public async Task An_interruption_is_no_failure_to_explain() =>
        Assert.Equal((130, ""), await Run(() => throw new OperationCanceledException()));

    [Fact]
    public async Task Work_that_is_done_returns_its_own_code() => Assert.Equal((7, ""), await Run(() => Task.FromResult(7)));

    private static async Task<(int ExitCode, string Error)> Run(Func<Task<int>> work)
    {
        using var error = new StringWriter();
        int exitCode = await SynfinCommandLine.GuardAsync(work, error);
        return (exitCode, error.ToString());
    }
}
