using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Synfin.Linux.Interop;

namespace Synfin.Linux;

/// <summary>
/// A network namespace on a thread of its own: a kernel's network with nothing but a loopback, for tests and measurements that must not
/// touch the machine's. Sockets and devices made on the thread belong to it and may be used on any thread; programs started on the thread
/// run in it. It ends with the thread and with what was made there.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private int _threadId;

    private NetworkNamespace(string name) => _thread = new Thread(Work) { IsBackground = true, Name = name };

    /// <summary>The namespace as a file, for <c>nsenter --net=PATH</c> and <c>ip link set … netns</c>.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/task/{_threadId}/ns/net";

    /// <summary>Makes one, with its loopback up.</summary>
    /// <param name="name">The thread's name.</param>
    /// <exception cref="TunException">The right is missing: CAP_SYS_ADMIN.</exception>
    public static NetworkNamespace Create(string name = "network namespace")
    {
        var made = new NetworkNamespace(name);
        made._thread.Start();
        try
        {
            made.Run(() =>
            {
                made._threadId = Libc.ThreadId();
                if (Libc.Unshare(Libc.NewNetworkNamespace) < 0)
                    throw TunErrors.System("making a network namespace (it needs root or CAP_SYS_ADMIN)", Libc.LastError);
                using var netlink = new RouteNetlink();
                int error = netlink.Find("lo", out LinkInformation? loopback);
                if (error == 0) error = netlink.SetUp(loopback!.Index);
                if (error != 0) throw TunErrors.System("switching the namespace's loopback on", error);
            });
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Runs something on the namespace's thread, and waits for it.</summary>
    /// <exception cref="TimeoutException">The thread has been busy for a minute.</exception>
    public T Run<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        if (!((IAsyncResult)done.Task).AsyncWaitHandle.WaitOne(_patience)) throw new TimeoutException("the namespace's thread hangs");
        return done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Runs something on the namespace's thread, and waits for it.</summary>
    public void Run(Action action) => Run(() =>
    {
        action();
        return true;
    });

    /// <summary>A socket of this namespace.</summary>
    public Socket CreateSocket(AddressFamily family, SocketType type, ProtocolType protocol) =>
        Run(() => new Socket(family, type, protocol));

    /// <summary>Starts a program in this namespace.</summary>
    public Process Start(ProcessStartInfo program) =>
        Run(() => Process.Start(program) ?? throw new InvalidOperationException($"{program.FileName} does not start"));

    /// <summary>Runs a program in this namespace and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0.</exception>
    /// <exception cref="TimeoutException">It took longer than a minute, and was ended.</exception>
    public string Execute(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Start(start);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string command = $"{program} {string.Join(' ', arguments)}";
        if (!process.WaitForExit(_patience))
        {
            process.Kill();
            throw new TimeoutException($"{command} does not end");
        }
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command} ended with {process.ExitCode}: {output.Result}{error.Result}");
        return output.Result;
    }

    /// <summary>Ends the thread. The namespace lives on while a socket, a device or a process of it does.</summary>
    public void Dispose()
    {
        if (!_work.IsAddingCompleted) _work.CompleteAdding();
        if (_thread.IsAlive) _thread.Join();
        _work.Dispose();
    }

    private void Work()
    {
        foreach (Action action in _work.GetConsumingEnumerable()) action();
    }
}
