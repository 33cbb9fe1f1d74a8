package org.flowline.examples.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What makes a shell complete the words of `flowline`.
@Command(
    name = "completion",
    description = "Print a script that makes bash or zsh complete commands and options.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "For ever:  flowline completion > ~/.flowline-completion",
      "           echo 'source ~/.flowline-completion' >> ~/.bashrc     (of zsh ~/.zshrc)",
      "",
      "Example:  source <(flowline completion)"
    })
final class CompletionCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().getOut().println(AutoComplete.bash("flowline", spec.root().commandLine()));
  }
}
